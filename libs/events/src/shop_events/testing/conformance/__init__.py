"""The behaviour every broker owes. Both brokers of this library pass the same suite.

A test module inherits `BrokerConformance` under a name that pytest collects and gives it two
fixtures::

    class TestMyBroker(BrokerConformance):
        @pytest.fixture
        def broker(self) -> Iterator[Broker]: ...      # empty: no exchange, no queue
        @pytest.fixture
        def crash(self, broker) -> Callable[[], Broker]: ...

``crash()`` ends everything that works on the broker as a killed process would (nothing in hand is
acknowledged or handed back) and gives the broker, opened anew. Closing both is the fixtures' work.

Rules the suite fixes where brokers would differ:

* A delivery that ends without ack, retry or bury counts towards `DELIVERY_LIMIT`, whether it was
  released, its intake was closed or its process died: RabbitMQ 3.10 counts all three. Only an
  ``attempt`` is not counted. Whoever waits for something keeps its delivery in hand, and does not
  release and receive it in a loop.
* A retried delivery carries the exchange and key it was first published with.
* The log is cut by an instant at the events' own time (``ce-time``): a stream's clock is coarse.
"""

from shop_events.testing.conformance.declaring import Declaring
from shop_events.testing.conformance.delivering import Delivering
from shop_events.testing.conformance.failing import Failing
from shop_events.testing.conformance.keeping import Keeping
from shop_events.testing.conformance.publishing import Publishing


class BrokerConformance(Publishing, Delivering, Failing, Keeping, Declaring):
    """Everything a broker promises, a sentence a test."""


__all__ = ["BrokerConformance"]

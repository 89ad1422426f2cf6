from logistics_service.domain.mask import masked
from logistics_service.domain.order import Destination


def test_a_masked_destination_names_nobody() -> None:
    seen = masked(
        Destination(
            recipient="张三丰", phone="13812345678", address="浙江省杭州市西湖区文三路 1 号"
        )
    )

    assert seen == Destination(recipient="张**", phone="138****5678", address="浙江省杭州市***")


def test_a_short_phone_is_hidden_whole() -> None:
    assert masked(Destination(recipient="", phone="110", address="")).phone == "***"

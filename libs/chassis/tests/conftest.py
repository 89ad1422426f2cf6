from chassis.testing import bench_fixture
from libs.chassis.tests.kiosk.service import service

bench = bench_fixture(service)
kiosk = bench_fixture(service, kinds=("sqlite",))  # what has nothing to do with the database

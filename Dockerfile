# One form for every part of the shop:
#     docker build --build-arg PART=services/order -t jishi-order .
#     docker build --build-arg PART=gateway -t jishi-gateway .
FROM python:3.11-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /shop
COPY requirements/runtime.txt requirements/
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/runtime.txt
COPY libs libs
ARG PART
COPY ${PART} ${PART}
ENV PYTHONPATH=/shop/libs/events/src:/shop/libs/chassis/src:/shop/${PART}/src
RUN python -m compileall -q libs ${PART}
USER 10001:10001
EXPOSE 8000

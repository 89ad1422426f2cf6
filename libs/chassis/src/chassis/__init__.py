"""What every process of the suite needs to start, answer, log and stop.

Service, ServiceSettings      what a service is, and what it is told
who, anyone, signed           who may call a route; publishes: what it may say;
                              needs, heeds: which headers change what it does
begin, read, once             a route's transactions; once: with Idempotency-Key
current_identity              who is calling; client_address: from where
settings_of, runtime_of       for handlers, which have nothing but their ``tx``
chassis.http                  Blueprint, schemas and fields
chassis.testing               a service on a bench, for its tests
"""

from chassis.background import Chore
from chassis.idempotency import once
from chassis.idempotency_table import create_idempotency_table
from chassis.identity import Identity, Role
from chassis.problems import Problem
from chassis.requests import (
    asked_wait_s,
    begin,
    client_address,
    current_identity,
    current_runtime,
    maybe_identity,
    read,
)
from chassis.routes import Header, accepts, anyone, heeds, needs, publishes, signed, who
from chassis.runtime import Runtime, runtime_of, settings_of
from chassis.service import Service
from chassis.settings import Env, Secret, ServiceSettings, SettingsWrong
from chassis.tokens import DenyList, KeySet, SigningKey

__all__ = [
    "Chore",
    "DenyList",
    "Env",
    "Header",
    "Identity",
    "KeySet",
    "Problem",
    "Role",
    "Runtime",
    "Secret",
    "Service",
    "ServiceSettings",
    "SettingsWrong",
    "SigningKey",
    "accepts",
    "anyone",
    "asked_wait_s",
    "begin",
    "client_address",
    "create_idempotency_table",
    "current_identity",
    "current_runtime",
    "heeds",
    "maybe_identity",
    "needs",
    "once",
    "publishes",
    "read",
    "runtime_of",
    "settings_of",
    "signed",
    "who",
]

"""A plugin of pytest: the tests' database is the one that DATABASE_URL names, through its pooler."""

from project.config import BaseConfig, TestingConfig

TestingConfig.SQLALCHEMY_DATABASE_URI = BaseConfig.DATABASE_URL
TestingConfig.DATABASE_SESSION_URL = BaseConfig.DATABASE_SESSION_URL

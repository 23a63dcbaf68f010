"""Fakes that run the whole path in milliseconds; sockets beyond this machine refused throughout."""

from rag.offline import guard

guard()

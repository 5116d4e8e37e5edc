"""Tests of the Zalo emulators."""

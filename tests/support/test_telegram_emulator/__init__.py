"""Tests of the emulator, driven over HTTP by python-telegram-bot as a bot would: each rule that tests lean on."""

"""Measurements: each compares inside one run and prints figures and bars (`./run bench NAME`)."""

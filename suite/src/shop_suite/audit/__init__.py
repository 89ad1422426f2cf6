"""Proves from the databases that nothing was lost, doubled or left half done.

events       I1 no loss, I2 no ghost, I4 order       the outboxes against the inboxes
books        I3 effect once                          order, payment and logistics against each other
quiet        whether there is anything left to do    before I5 can be asked
"""

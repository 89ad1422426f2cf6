"""Proves from the databases that nothing was lost, doubled or left half done.

events       I1 no loss, I2 no ghost, I4 order       the outboxes against the inboxes
books        I3 effect once                          order, payment and logistics against each other
copies       I3 effect once                          every copy against what it is a copy of
errands      what a service does uncalled            mails to send, imports to read
quiet        whether there is anything left to do    before I5 can be asked
"""

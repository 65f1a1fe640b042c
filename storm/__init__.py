"""Whether the promises hold under crashes, faults and races: `make storm`.

Real workers in processes of their own, real HTTP to a stand-in for the accounting system, a real database and a
clock that can be moved. What happened is read from the stand-in's own ledger, never from what we believe.
"""

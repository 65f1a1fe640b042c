"""The API as a whole: what became of the firm's records in the books, and the document that describes everything.

`v1.py` puts it together; what every request passes is in `fieldwork/api/door.py`.
"""

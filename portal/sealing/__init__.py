"""What makes a certificate provable: seals in PDF files, signed records, codes that are verified without asking anybody.

Nothing here knows what a certificate is; it signs what it is given and judges what it is shown.
"""

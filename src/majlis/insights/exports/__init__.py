"""Tables that leave the house: CSV and XLSX of constant cells, never a formula; each row says what it is of."""

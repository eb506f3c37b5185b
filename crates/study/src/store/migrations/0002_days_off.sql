-- The days of the week on which nothing is planned, in English, parted by blanks.
ALTER TABLE plan ADD COLUMN days_off TEXT NOT NULL DEFAULT '';

CREATE TABLE word (id integer PRIMARY KEY, word text NOT NULL);
INSERT INTO word VALUES (1, 'hello');

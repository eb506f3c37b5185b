CREATE TABLE item (id integer PRIMARY KEY, shelf integer NOT NULL, price integer NOT NULL, about text NOT NULL);

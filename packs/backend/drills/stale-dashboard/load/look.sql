-- Somebody reloads the page again and again.
\include slot:query
\include slot:query
\include slot:query
\include slot:query
\include slot:query
\include slot:query

-- A reader that keeps its transaction open long after it has read the dashboard.
BEGIN;
\include slot:query
SELECT count(*) FROM merchant;
SELECT count(*) FROM merchant;
SELECT count(*) FROM merchant;
SELECT count(*) FROM merchant;
SELECT count(*) FROM merchant;
COMMIT;

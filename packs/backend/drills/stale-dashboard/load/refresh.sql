-- One statement of ours first, so that the others have begun, read and written before the refresh begins.
SET ROLE learner;
\include slot:refresh

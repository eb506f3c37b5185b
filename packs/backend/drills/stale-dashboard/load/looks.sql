-- Which merchant's page is opened, and for which days.
SELECT merchant, first_day, last_day FROM hotseat.looks(:seed) ORDER BY look;

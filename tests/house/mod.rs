mod arrows;
mod budgets;
mod documents;
mod files;
mod seed;
mod words;

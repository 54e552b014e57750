mod arrows;
mod budgets;
mod files;
mod words;

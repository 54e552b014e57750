mod api;
mod combobox;

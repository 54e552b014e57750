mod crash;
mod imports;
mod server;

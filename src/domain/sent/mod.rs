//! What people send and somebody must look at.

pub mod batch;
pub mod complaint;

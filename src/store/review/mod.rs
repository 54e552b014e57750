//! What is kept beside materials for their way to the public.

pub mod remarks;
pub mod signatures;
pub mod turns;

//! A catalogue of learning materials.

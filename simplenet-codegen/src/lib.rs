//! simplenet-codegen

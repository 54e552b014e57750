mod atom;

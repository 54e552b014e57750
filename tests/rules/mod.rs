mod likeness;

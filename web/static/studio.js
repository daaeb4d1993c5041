// The studio works without this; with it, findings and preview follow while you write.
"use strict";

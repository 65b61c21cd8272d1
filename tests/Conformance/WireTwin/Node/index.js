"use strict";

// The twin of Program.cs: every scenario must send what its namesake in Scenarios/ sends.
const fs = require("fs");
const path = require("path");

const folder = path.join(__dirname, "scenarios");
const scenarios = {};
for (const file of fs.readdirSync(folder)) {
    Object.assign(scenarios, require(path.join(folder, file)));
}

const name = process.env.TWIN_SCENARIO ?? "";
const declare = scenarios[name];
if (!declare) {
    throw new Error(`TWIN_SCENARIO is '${name}'; scenarios are ${Object.keys(scenarios).sort().join(", ")}`);
}
module.exports = declare();

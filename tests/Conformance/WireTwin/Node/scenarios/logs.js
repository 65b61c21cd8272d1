"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing } = require("../things");

exports.logs = () => {
    const thing = new Thing("thing", {});
    pulumi.log.info("an information");
    pulumi.log.warn("a warning about a resource", thing);
    pulumi.log.info("a fleeting line", thing, 7, true);
    return {};
};

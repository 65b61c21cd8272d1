"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing } = require("../things");

exports.enums = () => {
    const Level = { High: "high" };
    const Weight = { Half: 0.5 };
    new Thing("plain", { level: Level.High, weight: Weight.Half });
    new Thing("computed", { level: pulumi.output(Level.High), weight: pulumi.secret(Weight.Half) });
    new Thing("listed", { any: [Level.High, Weight.Half] });
    return {};
};

"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing } = require("../things");

exports.outputs = () => {
    const thing = new Thing("thing", { text: "known" });
    return {
        text: "plain",
        number: 1.5,
        flag: true,
        list: ["a", thing.value],
        map: { id: thing.id, secret: pulumi.secret("s") },
        value: thing.value,
        hidden: thing.secretValue,
        derived: thing.items.apply((items) => items.length),
    };
};

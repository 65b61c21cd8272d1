"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing } = require("../things");

exports.values = () => {
    new Thing("primitives", {
        text: "\"quoted\" \\ \n\t Grüße 🚀",
        number: -0.125,
        integer: 2147483647,
        flag: false,
        list: ["one", "", "three"],
        map: { a: "1", "ä b": "", "": "empty key" },
    });
    new Thing("empty", { text: "", number: 0, list: [], map: {}, any: {} });
    new Thing("nulls", {
        text: undefined,
        flag: pulumi.output(true),
        any: pulumi.output({ dropped: undefined, kept: ["first", null, "third"] }),
    });
    new Thing("nested", {
        nested: { inner: "outer", deeper: { inner: "inner", amount: 2 } },
        nestedList: [{ inner: "first" }, { amount: 0 }],
        union: 7,
    });
    new Thing("union", { union: "text", any: [1, "two", true, 2.5] });
    new Thing("nothing", {});
    return {};
};

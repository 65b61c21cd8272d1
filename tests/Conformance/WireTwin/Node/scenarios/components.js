"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing, Group } = require("../things");

exports.components = () => {
    const outer = new Group("outer", {});
    const inner = new Group("inner", { text: "argument", number: 1.5 }, { parent: outer });
    const child = new Thing("child", { text: "leaf" }, { parent: inner });
    const grandchild = new Thing("grandchild", { text: child.value }, { parent: child });
    inner.give({ child: child.value, hidden: child.secretValue, text: "literal" });
    outer.give({});

    new Thing("takesResource", { other: child });
    new Thing("takesComponent", { other: outer });
    new Thing("takesList", { any: pulumi.all([child.value, grandchild.value]) });
    const dependent = new Group("dependent", { text: child.value }, { dependsOn: [outer] });
    dependent.give({ resource: child });
    return {};
};

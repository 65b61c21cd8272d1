"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing, Group } = require("../things");

exports.dependencies = () => {
    const first = new Thing("first", {});
    const second = new Thing("second", {});
    const group = new Group("group", {});
    const child = new Thing("child", {}, { parent: group });
    const nested = new Group("nested", {}, { parent: group });
    new Thing("grandchild", {}, { parent: nested });

    new Thing("explicit", {}, { dependsOn: [first, second] });
    new Thing("onComponent", {}, { dependsOn: [group] });
    new Thing("implied", {
        text: first.id,
        any: pulumi.all([first.value, second.value]).apply(([one]) => one),
        list: [first.value, "plain", second.id],
        flag: true,
    });
    new Thing("both", { text: first.value }, { dependsOn: [first, child] });
    new Thing("inChain", { text: first.value.apply(() => second.value) });
    new Thing("parented", { text: second.id }, { parent: first, dependsOn: [group] });
    return {};
};

"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing, Group } = require("../things");

exports.transformations = () => {
    const replace = (given) => ({ props: { ...given.props, text: "after" }, opts: given.opts });
    const protect = (given) =>
        given.type === "test:index:Thing"
            ? { props: given.props, opts: pulumi.mergeOptions(given.opts, { protect: true }) }
            : undefined;
    new Thing("own", { text: "before" }, { transformations: [replace] });
    const group = new Group("group", {}, { transformations: [protect] });
    new Thing("inherited", { text: "kept" }, { parent: group });
    new Thing("both", { text: "before" }, { parent: group, transformations: [replace] });
    return {};
};

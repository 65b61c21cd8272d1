"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing, Group } = require("../things");

exports.aliases = () => {
    const parent = new Group("parent", {}, { aliases: [{ name: "old-parent" }] });
    new Thing("urn", {}, { aliases: ["urn:pulumi:stack::project::test:index:Thing::gone"] });
    new Thing("name", {}, { aliases: [{ name: "former" }] });
    new Thing("type", {}, { aliases: [{ type: "test:index:OldThing" }] });
    new Thing("parentResource", {}, { aliases: [{ parent }] });
    new Thing("parentUrn", {}, { aliases: [{ parent: parent.urn }] });
    new Thing("noParent", {}, { parent, aliases: [{ parent: pulumi.rootStackResource }] });
    new Thing("elsewhere", {}, { aliases: [{ stack: "other", project: "another" }] });
    new Thing("all", {}, { parent, aliases: [{ name: "n", type: "t:m:N", stack: "s", project: "p", parent }] });
    new Thing("several", {}, { aliases: [{ name: "first" }, { name: "second" }] });
    new Thing("computed", {}, { aliases: [{ name: pulumi.output("later") }] });
    new Thing("childOfAliased", {}, { parent });
    return {};
};

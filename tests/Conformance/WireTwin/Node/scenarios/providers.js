"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing, Group, TestProvider, Foreign } = require("../things");

exports.providers = () => {
    const first = new TestProvider("test", "first", { region: "here", strict: true });
    const second = new TestProvider("test", "second", { region: pulumi.secret("there") });
    const foreign = new TestProvider("foreign", "foreign", {}, { version: "1.2.3" });

    new Thing("default", {});
    new Thing("explicit", {}, { provider: first });
    new Thing("otherPackage", {}, { provider: foreign });

    const one = new Group("one", {}, { provider: first });
    const inherits = new Thing("inherits", {}, { parent: one });
    new Thing("inheritsTwice", {}, { parent: inherits });
    new Thing("overrides", {}, { parent: one, provider: second });

    const several = new Group("several", {}, { providers: [second, foreign] });
    const nested = new Group("nested", {}, { parent: several });
    new Thing("fromGrandparent", {}, { parent: nested });
    new Foreign("foreignFromGrandparent", { parent: nested });
    new Foreign("foreignDefault", { parent: one });
    return {};
};

"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing } = require("../things");

exports.config = () => {
    const config = new pulumi.Config();
    const other = new pulumi.Config("other");
    new Thing("settings", {
        text: config.require("text"),
        integer: config.requireNumber("integer"),
        flag: config.getBoolean("flag"),
        number: other.requireNumber("number"),
        map: { absent: config.get("absent") ?? "default", secret: config.requireSecret("password") },
        list: config.requireObject("list"),
        any: config.requireSecretObject("shape").apply((shape) => shape.side),
    });
    return { secretNumber: config.requireSecretNumber("pin") };
};

exports.configMissing = () => ({ missing: new pulumi.Config().require("not-there") });

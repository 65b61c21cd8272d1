"use strict";

// The twin of Program.cs: the same resources with the official Node packages.
const pulumi = require("@pulumi/pulumi");
const aws = require("@pulumi/aws");
const k8s = require("@pulumi/kubernetes");

const subnets = 49;
const resourceCount = 2 + 2 * subnets;

class Network extends pulumi.ComponentResource {
    constructor(name) {
        super("benchmarks:index:Network", name);
        const inside = { parent: this };
        const vpc = new aws.ec2.Vpc(
            name,
            { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, tags: { Name: name, Project: "benchmarks" } },
            inside,
        );
        for (let index = 0; index < subnets; index++) {
            declare(`${name}-${index}`, index, vpc, inside);
        }
        this.registerOutputs({ vpcId: vpc.id });
    }
}

function declare(name, index, vpc, inside) {
    const subnet = new aws.ec2.Subnet(
        name,
        {
            vpcId: vpc.id,
            cidrBlock: `10.0.${index}.0/24`,
            availabilityZone: "eu-central-1a",
            mapPublicIpOnLaunch: false,
            tags: { Name: name, Project: "benchmarks", Index: `${index}` },
        },
        inside,
    );
    new k8s.core.v1.ConfigMap(
        name,
        {
            metadata: { name, labels: { app: "benchmarks" } },
            data: { subnet: subnet.id, arn: pulumi.interpolate`${subnet.arn}/${vpc.arn}`, text: "x".repeat(200) },
        },
        inside,
    );
}

const wanted = Number(process.env.MANY_RESOURCES ?? "5000");
for (let network = 0; network < Math.floor(wanted / resourceCount); network++) {
    new Network(`network-${network}`);
}

import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";

/**
 * A value that depends on resources without containing anything of them. `NoInfer` takes the type from where the value goes to,
 * so that the compiler checks the literal as strictly as if it stood there alone.
 */
function after<T>(resources: pulumi.Resource[], value: NoInfer<T>): pulumi.Input<T> {
    return pulumi.all(resources.map((resource) => resource.urn)).apply(() => value) as pulumi.Input<T>;
}

/** The output of a resource that depends on others besides. */
function outputAfter<T>(resources: pulumi.Resource[], value: pulumi.Output<T>): pulumi.Output<T> {
    return pulumi.all([value, pulumi.all(resources.map((resource) => resource.urn))]).apply(([output]) => output) as pulumi.Output<T>;
}

/** A secret literal, checked as strictly as the literal alone. */
function secret<T>(value: NoInfer<T>): pulumi.Input<T> {
    return pulumi.secret(value) as pulumi.Input<T>;
}

/** A component of the plan: its name, its place in the tree and what it gives. */
class Component extends pulumi.ComponentResource {
    constructor(type: string, name: string, args: pulumi.Inputs, options: pulumi.ComponentResourceOptions) {
        super(type, name, args, options);
    }

    give(outputs: pulumi.Inputs): void {
        this.registerOutputs(outputs);
    }
}

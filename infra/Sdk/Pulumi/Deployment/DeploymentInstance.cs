namespace Pulumi;

/// <summary>The run that the code is part of.</summary>
public sealed class DeploymentInstance
{
    internal DeploymentInstance(Deployment deployment) => Deployment = deployment;

    internal Deployment Deployment { get; }

    public string OrganizationName => Deployment.OrganizationName;

    public string ProjectName => Deployment.ProjectName;

    public string StackName => Deployment.StackName;

    /// <summary>The directory of Pulumi.yaml.</summary>
    /// <exception cref="InvalidOperationException">The engine is too old to report it.</exception>
    public string RootDirectory => Deployment.RootDirectory;

    /// <summary>Whether this is a preview.</summary>
    public bool IsDryRun => Deployment.IsDryRun;

    /// <summary>
    /// Calls a function of a provider. The result is unknown, and the function is not called, if an argument is unknown or depends on a
    /// resource that does not exist yet.
    /// </summary>
    /// <param name="token">The function, <c>pkg:module:name</c>.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="options">How it is called.</param>
    public Output<T> Invoke<T>(string token, InvokeArgs args, InvokeOptions? options = null)
        => Deployment.Invoke<T>(token, args, options);

    /// <inheritdoc cref="Invoke{T}(string, InvokeArgs, InvokeOptions?)"/>
    public Output<T> Invoke<T>(string token, InvokeArgs args, InvokeOutputOptions options)
        => Deployment.Invoke<T>(token, args, options);

    /// <summary>Calls a function whose result has a single property, and returns that.</summary>
    /// <inheritdoc cref="Invoke{T}(string, InvokeArgs, InvokeOptions?)"/>
    public Output<T> InvokeSingle<T>(string token, InvokeArgs args, InvokeOptions? options = null)
        => Deployment.InvokeSingle<T>(token, args, options);

    /// <inheritdoc cref="InvokeSingle{T}(string, InvokeArgs, InvokeOptions?)"/>
    public Output<T> InvokeSingle<T>(string token, InvokeArgs args, InvokeOutputOptions options)
        => Deployment.InvokeSingle<T>(token, args, options);

    /// <summary>Calls a function of a provider.</summary>
    /// <param name="token">The function, <c>pkg:module:name</c>.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="options">How it is called.</param>
    public Task<T> InvokeAsync<T>(string token, InvokeArgs args, InvokeOptions? options = null)
        => Deployment.InvokeAsync<T>(token, args, options);

    /// <summary>Calls a function whose result has a single property, and returns that.</summary>
    /// <inheritdoc cref="InvokeAsync{T}(string, InvokeArgs, InvokeOptions?)"/>
    public Task<T> InvokeSingleAsync<T>(string token, InvokeArgs args, InvokeOptions? options = null)
        => Deployment.InvokeSingleAsync<T>(token, args, options);

    /// <summary>Calls a function whose result does not matter.</summary>
    /// <inheritdoc cref="InvokeAsync{T}(string, InvokeArgs, InvokeOptions?)"/>
    public Task InvokeAsync(string token, InvokeArgs args, InvokeOptions? options = null)
        => Deployment.InvokeAsync(token, args, options);
}

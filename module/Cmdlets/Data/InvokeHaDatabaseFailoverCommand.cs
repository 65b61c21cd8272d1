using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Databases;

namespace HaCluster.Cmdlets.Data;

/// <summary>Makes a reader of a database the writer, and waits until it is.</summary>
/// <remarks>
/// <para>Connections to the writer break for a few seconds. Without -Target the best reader is taken: lowest promotion tier, then least lag, in a zone from which traffic is not shifted away.</para>
/// </remarks>
/// <example>
/// <para>See which reader would become the writer.</para>
/// <code>Invoke-HaDatabaseFailover -WhatIf</code>
/// </example>
/// <example>
/// <para>Make a given reader the writer.</para>
/// <code>Invoke-HaDatabaseFailover -Target ha-cluster-prod-postgresql-2 -Confirm:$false</code>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "HaDatabaseFailover", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class InvokeHaDatabaseFailoverCommand : OperationCmdlet
{
    /// <summary>The database cluster. Default: the one of -Target, or the only one.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(DatabaseCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Database { get; set; }

    /// <summary>The reader to make the writer. Default: the best one.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DatabaseInstanceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Target { get; set; }

    /// <summary>How long to wait until the reader is the writer, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 600;

    protected override Task ProcessAsync() => OperateAsync(new FailOverDatabase(Database, Target, TimeSpan.FromSeconds(TimeoutSeconds)));
}

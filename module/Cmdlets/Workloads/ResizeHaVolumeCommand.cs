using System.Management.Automation;
using System.Text.RegularExpressions;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Workloads;

namespace HaCluster.Cmdlets.Workloads;

/// <summary>Grows the volume of a claim, and waits until its file system has grown.</summary>
/// <remarks>
/// <para>A volume can only grow, and AWS accepts one change of a volume in six hours. The claim template of a StatefulSet keeps its size: set it in the stack as well.</para>
/// </remarks>
/// <example>
/// <para>Grow a volume to 200 GiB.</para>
/// <code>Resize-HaVolume -Namespace monitoring -Claim prometheus-db-prometheus-0 -Size 200Gi</code>
/// </example>
[Cmdlet(VerbsCommon.Resize, "HaVolume", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class ResizeHaVolumeCommand : OperationCmdlet
{
    /// <summary>Namespace of the claim.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [ValidateNotNullOrEmpty]
    public string Namespace { get; set; } = null!;

    /// <summary>Name of the PersistentVolumeClaim.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    public string Claim { get; set; } = null!;

    /// <summary>The new size as a Kubernetes quantity, such as 200Gi.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidatePattern(@"^[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?\z", Options = RegexOptions.None)]
    public string Size { get; set; } = null!;

    /// <summary>How long to wait until the file system has grown, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 1800;

    protected override Task ProcessAsync() => OperateAsync(new ResizeVolume(Namespace, Claim, Size, TimeSpan.FromSeconds(TimeoutSeconds)));
}

using Grpc.Core;

namespace Pulumi;

public sealed partial class Deployment
{
    /// <summary>Ends the program unless the engine's version is in the range, such as <c>&gt;=3.170.0</c>.</summary>
    public static Task RequirePulumiVersionAsync(string pulumiVersionRange)
    {
        var task = RequireAsync(Current.Engine, pulumiVersionRange);
        Current.Runner.RegisterTask(task);
        return task;

        static async Task RequireAsync(IEngine engine, string range)
        {
            try
            {
                await engine.RequirePulumiVersionAsync(range);
            }
            catch (RpcException e)
            {
                throw new RequirePulumiVersionException(e.StatusCode == StatusCode.Unimplemented
                    ? "The installed version of the CLI does not support the `RequirePulumiVersion` RPC. Please upgrade the Pulumi CLI"
                    : e.Status.Detail);
            }
        }
    }

    private sealed class RequirePulumiVersionException(string message) : Exception(message);
}

using System.CommandLine;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Arguments;

/// <summary><c>payments forwarders</c>: the contract behind receiving addresses without a key, and how it gets onto a chain.</summary>
internal static class ForwardersCommand
{
    public static Command Create(TextWriter output)
    {
        var command = new Command("forwarders", "Show the contract that wallets with forwarders need, and the transaction that deploys it: once per chain, from any account with ether.");
        command.SetAction(_ =>
        {
            output.WriteLine($"contract   {ForwarderContract.Address}");
            output.WriteLine($"code hash  {ForwarderContract.CodeHash}");
            output.WriteLine($"deploy     send a transaction to {ForwarderContract.Deployer} with this data:");
            output.WriteLine(ForwarderContract.DeploymentData);
            return CommandLine.Done;
        });
        return command;
    }
}

using System.CommandLine;
using System.Security.Cryptography;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Wallets;
using NBitcoin;
using Nethereum.Signer;

namespace HaCluster.Payments.Arguments;

/// <summary><c>payments new-key</c>: a key for development, sealed in a file.</summary>
internal static class NewKeyCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "File to write the sealed key to; it must not exist yet." };
    private static readonly Option<string> Chain = new("--chain") { Description = "Chain of the key: bitcoin or ethereum.", HelpName = "CHAIN", Required = true };
    private static readonly Option<string> Script = new("--script") { Description = $"Bitcoin address type: {ScriptKind.Rule}. Default {ScriptKind.Bip84}.", HelpName = "KIND", DefaultValueFactory = _ => ScriptKind.Bip84 };

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("new-key", "Create a key for development. The file is its only copy.") { File, Chain, Script, SignerCommand.PassphraseFile };
        command.SetAction(parsed => CommandLine.GuardAsync(error, () =>
        {
            var problems = new List<string>();
            var networks = CommandLine.ReadNetworks(parsed, problems);
            if (parsed.GetValue(Chain) is not (Asset.Bitcoin or Asset.Ethereum))
                problems.Add($"--chain is '{parsed.GetValue(Chain)}'; choose bitcoin or ethereum");
            if (ScriptKind.Find(parsed.GetValue(Script)) is null)
                problems.Add($"--script is '{parsed.GetValue(Script)}'; choose {ScriptKind.Rule}");
            if (SignerCommand.ReadPassphrase(parsed) is not { } passphrase)
                problems.Add("--passphrase-file is missing; write the passphrase into a file that only you can read");
            else if (problems.Count == 0)
                output.WriteLine(Make(parsed.GetValue(File)!, parsed.GetValue(Chain)!, parsed.GetValue(Script)!, passphrase, networks));
            return Task.FromResult(problems.Count == 0 ? CommandLine.Done : CommandLine.UsageError(error, [.. problems]));
        }));
        return command;
    }

    /// <returns>What is public of the key: the sender's address, or the extended public key.</returns>
    internal static string Make(string file, string chain, string script, string passphrase, Networks networks)
    {
        if (chain == Asset.Ethereum)
        {
            var secret = EthECKey.GenerateKey().GetPrivateKeyAsBytes();
            KeyFile.Seal(chain, secret, passphrase).Write(file);
            return new EthECKey(secret, isPrivate: true).GetPublicAddress();
        }

        var purpose = script switch
        {
            ScriptKind.Bip44 => 44,
            ScriptKind.Bip49 => 49,
            ScriptKind.Bip84 => 84,
            _ => 86,
        };
        var account = ExtKey.CreateFromSeed(RandomNumberGenerator.GetBytes(64)).Derive(new KeyPath($"{purpose}'/{(networks.IsMain ? 0 : 1)}'/0'"));
        KeyFile.Seal($"{chain}/{script}", account.ToBytes(), passphrase).Write(file);
        return account.Neuter().ToString(networks.Bitcoin);
    }
}

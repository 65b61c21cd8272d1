using System.Collections.Immutable;
using System.CommandLine;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Scanning;

namespace HaCluster.Payments.Arguments;

/// <summary>Arguments about deposits: which tokens are watched, when a deposit is final, and which are too small to count.</summary>
internal static class DepositArguments
{
    internal static readonly Option<string[]> Tokens = new("--token") { Description = "Contract of an ERC-20 token to watch; may be given several times.", HelpName = "ADDRESS" };

    internal static readonly Option<string[]> Confirmations = new("--confirmations")
    {
        Description = "Blocks until a deposit or a transfer is final, by its amount: bitcoin=1:100000,3:10000000,6 is one block up to 100000 satoshi, three up to 10000000, six above. "
            + "On Ethereum also finalized. One for each asset (bitcoin, ethereum, ethereum/0x...). Default bitcoin=6, ethereum=finalized.",
        HelpName = "ASSET=RULE",
    };

    internal static readonly Option<string[]> Smallest = new("--ignore-below")
    {
        Description = "Ignore deposits of an asset below this amount, in base units: they are shown, but kept apart in the books. Default: none is ignored.",
        HelpName = "ASSET=AMOUNT",
    };

    public static IReadOnlyList<Option> All => [Tokens, Confirmations, Smallest];

    public static DepositRules Read(ParseResult parsed, List<string> problems)
    {
        var tokens = (parsed.GetValue(Tokens) ?? []).Select(ReadToken).OfType<Asset>().Distinct().ToImmutableArray();
        return new DepositRules
        {
            Tokens = tokens,
            Finality = ReadEach(Confirmations, (asset, text) => FinalityRule.Parse(text, hasFinalized: asset.Chain == Asset.Ethereum)),
            Smallest = ReadEach(Smallest, (_, text) => Amount.TryParse(text, out var amount) ? amount : throw new FormatException($"'{text}' is not an amount; write {Amount.Rule}")),
        };

        Asset? ReadToken(string text)
        {
            if (Asset.TryParse($"{Asset.Ethereum}/{text}", out var token))
                return token;
            problems.Add($"{Tokens.Name} is '{text}'; write the address of its contract, {EthereumAddress.Rule}");
            return null;
        }

        ImmutableDictionary<string, T> ReadEach<T>(Option<string[]> option, Func<Asset, string, T> read)
        {
            var rules = ImmutableDictionary.CreateBuilder<string, T>();
            foreach (var text in parsed.GetValue(option) ?? [])
            {
                var parts = text.Split('=', 2);
                if (parts.Length != 2 || !Asset.TryParse(parts[0], out var asset) || (asset.Token is not null && !tokens.Contains(asset)))
                {
                    problems.Add($"{option.Name} is '{text}'; write {option.HelpName}, with bitcoin, ethereum, or ethereum/ADDRESS of a token that {Tokens.Name} names");
                    continue;
                }

                if (rules.ContainsKey(asset.ToString()))
                    problems.Add($"{option.Name} is given twice for {asset}; write it once");
                try
                {
                    rules[asset.ToString()] = read(asset, parts[1]);
                }
                catch (FormatException exception)
                {
                    problems.Add($"{option.Name} is '{text}': {exception.Message}");
                }
            }

            return rules.ToImmutable();
        }
    }
}

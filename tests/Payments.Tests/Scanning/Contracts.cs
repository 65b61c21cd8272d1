namespace HaCluster.Payments.Tests.Scanning;

/// <summary>Contracts of the tests, put together by hand (https://www.evm.codes): there is no compiler here.</summary>
internal static class Contracts
{
    /// <summary>
    /// A token with the two functions of ERC-20 that payments use, <c>balanceOf</c> and <c>transfer</c>. The balance of an account is in the storage slot of its address. It lets an account owe.
    /// </summary>
    public static string Token
    {
        get
        {
            const string select = "60003560e01c" + "806370a0823114";
            const string jump = "60" + "{0}" + "57";
            // balances[caller] -= amount
            const string take = "602435" + "8033540333" + "55";
            // balances[receiver] += amount
            const string give = "80600435540160043555";
            // Transfer(caller, receiver, amount)
            const string log = "80600052" + "60043533" + "7f" + "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef" + "60206000a3";
            const string returnTrue = "600160005260206000f3";
            const string balance = "5b60043554" + "60005260206000f3";
            var target = (select + "6000" + "57" + take + give + log + returnTrue).Length / 2;
            return "0x" + select + jump.Replace("{0}", $"{target:x2}", StringComparison.Ordinal) + take + give + log + returnTrue + balance;
        }
    }

    /// <summary>Pays what it gets on to the address in its first word: a payment that is in no transaction.</summary>
    public const string Payer = "0x6000600060006000346000355af100";

    /// <summary>Refuses everything.</summary>
    public const string Refuser = "0x60006000fd";
}

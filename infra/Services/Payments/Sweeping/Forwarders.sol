// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// Receiving addresses that have no key: whatever comes to one can only go on to its parent, the sender of a wallet.
///
/// What an auditor has to know:
/// - Nobody owns these contracts. They keep no variable, cannot be changed, destroy nothing, and lead to no code but their own: the one delegatecall goes to a constant.
/// - The parent is part of the code of a forwarder, and so of its address (EIP-1014): no call can name another one. Anybody may call sweep for any parent; all that it can do is move money to that parent at the
///   caller's cost.
/// - An address can be paid before its forwarder is there. The forwarder is deployed by the first sweep and stays, so later payments are swept the same way. Nothing relies on SELFDESTRUCT, whose rules change
///   (EIP-6780), and with which ether that comes later in the transaction of a sweep would be burned.
/// - Ether that arrives without calldata runs 6 instructions (15 gas), so that contracts which pay with a stipend of 2,300 gas reach it too. Ether that arrives in another way (a block reward, a SELFDESTRUCT) is part of
///   the balance, and swept with it.
/// - Amounts are balances at the time of the call, so nothing depends on what was there before. A parent or a token that calls back finds a balance of zero, or makes the outer transfer fail, which reverts everything.
/// - Every way out is an event of this contract, which books can rely on: flush takes calls from nobody else.
contract Forwarders {
    /// An amount of a token (the zero address: ether) left a forwarder for its parent.
    event Swept(address indexed parent, address indexed forwarder, address indexed token, uint256 amount);

    error NotDeployed(bytes32 salt);

    address private immutable code = address(new Forwarder());

    /// Sends what the forwarders of a parent have to it. One that has nothing is passed over, and not deployed.
    /// One that fails makes all of it fail: a caller that estimates its gas would otherwise get an estimate with which some run out of gas.
    /// @param token The zero address: ether.
    function sweep(address parent, bytes32[] calldata salts, address token) external {
        bytes memory creation = creationOf(parent);
        bytes32 hash = keccak256(creation);
        for (uint256 index = 0; index < salts.length; ++index) {
            address forwarder = addressOf(salts[index], hash);
            uint256 amount = token == address(0) ? forwarder.balance : Token(token).balanceOf(forwarder);
            if (amount == 0) continue;
            if (forwarder.code.length == 0) deploy(creation, salts[index]);
            Forwarder(forwarder).flush(token, amount);
            emit Swept(parent, forwarder, token, amount);
        }
    }

    /// The address of a forwarder, whether it is deployed or not.
    function forwarderOf(address parent, bytes32 salt) external view returns (address) {
        return addressOf(salt, keccak256(creationOf(parent)));
    }

    function deploy(bytes memory creation, bytes32 salt) private {
        address forwarder;
        assembly ("memory-safe") {
            forwarder := create2(0, add(creation, 32), mload(creation), salt)
        }
        if (forwarder == address(0)) revert NotDeployed(salt);
    }

    function addressOf(bytes32 salt, bytes32 creationHash) private view returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", address(this), salt, creationHash)))));
    }

    /// The minimal proxy of EIP-1167, with 6 bytes before it that end a call without calldata (so its jump goes 6 bytes further), and the parent after it, which is never executed.
    ///   creation  61 0047 3d 81 600a 3d 39 f3                    return the 71 bytes that follow
    ///   runtime   36 6005 57 00 5b                               no calldata: stop
    ///             36 3d 3d 37 3d 3d 3d 36 3d 73 CODE 5a f4       delegatecall CODE with the calldata
    ///             3d 82 80 3e 90 3d 91 6031 57 fd 5b f3          return or revert with its answer
    ///             PARENT
    function creationOf(address parent) private view returns (bytes memory) {
        return abi.encodePacked(hex"6100473d81600a3d39f3", hex"36600557005b", hex"363d3d373d3d3d363d73", code, hex"5af43d82803e903d91603157fd5bf3", parent);
    }
}

/// The code of all forwarders. It runs in their place, with the parent that is in theirs.
contract Forwarder {
    /// Where the parent is in the code of a forwarder, see Forwarders.creationOf.
    uint256 private constant PARENT_OFFSET = 51;

    error NotTheFactory();
    error EtherNotTaken(address parent);
    error TokenNotSent(address token);

    address private immutable factory = msg.sender;

    function flush(address token, uint256 amount) external {
        if (msg.sender != factory) revert NotTheFactory();
        address parent;
        assembly ("memory-safe") {
            mstore(0, 0)
            extcodecopy(address(), 12, PARENT_OFFSET, 20)
            parent := mload(0)
        }

        if (token == address(0)) {
            (bool isTaken,) = parent.call{value: amount}("");
            if (!isTaken) revert EtherNotTaken(parent);
            return;
        }

        // Some tokens answer nothing (USDT), some false instead of reverting; an address without code answers nothing, too, but then balanceOf has failed before.
        (bool isSent, bytes memory answer) = token.call(abi.encodeCall(Token.transfer, (parent, amount)));
        if (!isSent || (answer.length != 0 && !abi.decode(answer, (bool)))) revert TokenNotSent(token);
    }
}

interface Token {
    function balanceOf(address holder) external view returns (uint256);

    function transfer(address receiver, uint256 amount) external returns (bool);
}

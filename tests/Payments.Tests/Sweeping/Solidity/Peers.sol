// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// What forwarders may meet. Each is deployed by a test.

/// A token that answers nothing when it pays, as USDT does.
contract SilentToken {
    event Transfer(address indexed from, address indexed to, uint256 amount);

    mapping(address => uint256) public balanceOf;

    constructor() {
        balanceOf[msg.sender] = 1_000_000;
    }

    function transfer(address receiver, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[receiver] += amount;
        emit Transfer(msg.sender, receiver, amount);
    }
}

/// A token that answers false instead of reverting.
contract RefusingToken {
    function balanceOf(address) external pure returns (uint256) {
        return 5;
    }

    function transfer(address, uint256) external pure returns (bool) {
        return false;
    }
}

interface Sweeper {
    function sweep(address parent, bytes32[] calldata salts, address token) external;
}

/// A parent that sweeps again while it is paid.
contract CallingParent {
    uint256 public calls;

    address private immutable sweeper;

    constructor(address named) {
        sweeper = named;
    }

    receive() external payable {
        ++calls;
        bytes32[] memory salts = new bytes32[](2);
        salts[1] = bytes32(uint256(1));
        Sweeper(sweeper).sweep(address(this), salts, address(0));
    }
}

/// Pays with no more than the 2,300 gas that go with ether, or by its end.
contract Payer {
    constructor() payable {}

    function pay(address payable receiver) external {
        receiver.transfer(1000);
    }

    function end(address payable receiver) external {
        new Ending{value: 7}(receiver);
    }
}

contract Ending {
    constructor(address payable receiver) payable {
        assembly {
            selfdestruct(receiver)
        }
    }
}

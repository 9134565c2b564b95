import {
    AuthorizeSecurityGroupEgressCommand, CreateSecurityGroupCommand, DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand, EC2Client,
    RevokeSecurityGroupEgressCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { startTestCloud, type TestCloud } from "./testCloud.ts";

describe("security groups of the rehearsal cloud", () => {
    let test: TestCloud;
    let ec2: EC2Client;
    let groupId: string;
    before(async () => {
        test = await startTestCloud();
        ec2 = new EC2Client(test.settings);
        groupId = (await ec2.send(new CreateSecurityGroupCommand({ GroupName: "example", Description: "example" }))).GroupId ?? "";
    });
    after(() => test.stop());

    async function allowOut(list: string): Promise<string> {
        const answer = await ec2.send(new AuthorizeSecurityGroupEgressCommand({
            GroupId: groupId,
            IpPermissions: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, PrefixListIds: [{ PrefixListId: list, Description: `to ${list}` }] }],
        }));
        return answer.SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? "";
    }

    it("take prefix lists as peers, each in a rule of its own", async () => {
        const [first, second] = [await allowOut("pl-1"), await allowOut("pl-2")];
        expect(first).not.to.equal(second);
        const { SecurityGroupRules: rules } = await ec2.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [first, second] }));
        expect(rules?.map(({ PrefixListId, Description, IsEgress }) => ({ PrefixListId, Description, IsEgress }))).to.have.deep.members([
            { PrefixListId: "pl-1", Description: "to pl-1", IsEgress: true }, { PrefixListId: "pl-2", Description: "to pl-2", IsEgress: true },
        ]);
        await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: groupId, SecurityGroupRuleIds: [first] }));
        const { SecurityGroups: groups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [groupId] }));
        const lists = groups?.[0]?.IpPermissionsEgress?.flatMap(({ PrefixListIds = [] }) => PrefixListIds.map(({ PrefixListId }) => PrefixListId));
        expect(lists).to.deep.equal(["pl-2"]);
    });
});
